package io.apus.jobs.launch.options;

/**
 * One option of a run.
 *
 * @param section section in YAML, e.g. {@code train} or {@code model.create}; empty for the top level
 * @param name snake_case name, unique over all sections
 * @param kind what it holds
 * @param doc what it does, one line
 */
record Option(String section, String name, OptionKind kind, String doc) {
    /** The name with its section, e.g. {@code train.learning_rate}. */
    String key() {
        return section.isEmpty() ? name : section + "." + name;
    }
}
