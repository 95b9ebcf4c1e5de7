package io.apus.model.tuner.orthogonal;

/**
 * BOFT's options, with the meaning that PEFT gives them. One of {@code blockSize} and {@code blocks} is 0 and follows from the other.
 *
 * @param factors how many block-diagonal matrices follow each other, with a shuffle between them
 * @param dropout share of the blocks of one of them that do not turn in training
 */
record BoftSettings(int blockSize, int blocks, int factors, double dropout) {}
