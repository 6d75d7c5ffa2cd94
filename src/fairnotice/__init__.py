"""Fair Notice: notices, reasons, appeals and public proof."""

__version__ = "0.1.0"
