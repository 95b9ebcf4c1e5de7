package io.apus.model.family;

/** What a parameter of a new model is filled with. */
public enum Start {
    /** normal(0, initializer_range) */
    NORMAL,
    ONES,
    ZEROS
}
