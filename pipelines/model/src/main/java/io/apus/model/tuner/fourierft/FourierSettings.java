package io.apus.model.tuner.fourierft;

/**
 * FourierFT's options, with the meaning that PEFT gives them.
 *
 * @param frequencies trained entries of each matrix's spectrum
 * @param scaling factor of the inverse transform
 * @param seed of the places of the entries
 * @param startsAtZero whether nothing changes at first; otherwise the entries start at random, as PEFT has it by default
 */
record FourierSettings(int frequencies, double scaling, long seed, boolean startsAtZero) {}
