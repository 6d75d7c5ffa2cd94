"""What is counted how, for reports: each figure is one named definition, and a month's counts never change
after it closed."""
