package io.apus.corpus.agent;

/**
 * The results of tools, handed to the model.
 *
 * @param assistant the assistant's text before them, which some formats complete
 * @param text what stands between it and the assistant's next text
 */
public record Observation(String assistant, String text) {}
