"""The public register of decisions and the published rules: what everybody may read, with its proof."""
