"""Date and number formats for FORMAT_MODULE_PATH."""
