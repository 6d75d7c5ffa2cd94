"""One file of forms per noun; what a form reads it hands on as the plain values that actions take."""
