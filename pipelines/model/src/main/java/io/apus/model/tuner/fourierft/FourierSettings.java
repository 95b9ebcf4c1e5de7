package io.apus.model.tuner.fourierft;

/**
 * FourierFT's options, with the meaning that PEFT gives them.
 *
 * @param frequencies trained entries of each matrix's spectrum
 * @param scaling factor of the inverse transform
 * @param seed of the places of the entries
 */
record FourierSettings(int frequencies, double scaling, long seed) {}
