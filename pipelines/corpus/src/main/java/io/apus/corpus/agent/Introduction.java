package io.apus.corpus.agent;

/**
 * A conversation's opening after the tools were introduced.
 *
 * @param system the system text, or null for none
 * @param user the first user message
 */
public record Introduction(String system, String user) {}
