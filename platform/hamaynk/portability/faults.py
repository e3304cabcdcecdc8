"""What may be wrong, each as one sentence."""


class PortabilityFault(Exception):
    """The wish cannot be carried out; nothing was changed. The text says why."""


class FileFault(PortabilityFault):
    """The file is damaged, cut short, made by something else, or says what no town's file may say."""
