package io.apus.schemas.data;

/** The two halves of a run's data. */
public final class Splits {
    public static final String TRAIN = "train";
    public static final String VALIDATION = "validation";

    private Splits() {}
}
