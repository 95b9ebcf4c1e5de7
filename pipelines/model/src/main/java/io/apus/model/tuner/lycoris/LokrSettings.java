package io.apus.model.tuner.lycoris;

/**
 * LoKr's options, with the meaning that PEFT gives them.
 *
 * @param decomposeBoth whether the left factor, too, is of low rank where that saves anything
 * @param decomposeFactor size of the left factor, or -1 for near the square root
 * @param rankDropoutScale whether rank dropout keeps the mean
 */
record LokrSettings(LycorisSettings common, boolean decomposeBoth, int decomposeFactor, boolean rankDropoutScale) {}
