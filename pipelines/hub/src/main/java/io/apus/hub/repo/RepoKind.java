package io.apus.hub.repo;

/** What a hub keeps: models, datasets. */
public enum RepoKind {
    MODEL("model"),
    DATASET("dataset");

    private final String word;

    RepoKind(String word) {
        this.word = word;
    }

    /** As a sentence says it, e.g. "model". */
    public String word() {
        return word;
    }

    /** As addresses and cache folders spell it, e.g. "models". */
    public String plural() {
        return word + "s";
    }
}
