package io.apus.corpus.filter.rule;

/**
 * Needs all samples to judge one of them. Here are only its settings and the arithmetic; pipelines/spark has for each such filter the
 * class that applies it, registered under {@link #reason()}.
 */
public interface WholeSetFilter extends FilterStep {}
