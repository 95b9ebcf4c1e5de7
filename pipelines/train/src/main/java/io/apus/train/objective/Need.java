package io.apus.train.objective;

/** What an objective must be given besides the trained model and its batches. */
public enum Need {
    REFERENCE_MODEL,
    REWARD_MODEL,
    ROLLOUTS
}
