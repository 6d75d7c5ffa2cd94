"""Fair Notice: notices, reasons, appeals and public proof."""
