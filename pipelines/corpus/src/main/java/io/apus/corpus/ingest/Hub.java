package io.apus.corpus.ingest;

/** Where a dataset's files come from when they are not here. */
public enum Hub {
    HUGGING_FACE("hf::"),
    MODELSCOPE("ms::");

    private final String prefix;

    Hub(String prefix) {
        this.prefix = prefix;
    }

    /** How a dataset is said to come from this hub, e.g. {@code hf::}. */
    public String prefix() {
        return prefix;
    }
}
