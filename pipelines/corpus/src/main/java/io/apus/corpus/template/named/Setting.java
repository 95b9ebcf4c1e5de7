package io.apus.corpus.template.named;

import java.util.Map;

/**
 * What was asked of one rendering.
 *
 * @param thinks whether the model shall think
 * @param hasTools whether tools were introduced
 * @param isTraining whether the whole conversation is rendered for training; otherwise the model goes on
 * @param kwargs further variables
 */
record Setting(boolean thinks, boolean hasTools, boolean isTraining, Map<String, ?> kwargs) {
    /** The value of a variable as text, or {@code otherwise}. */
    String text(String name, String otherwise) {
        Object value = kwargs.get(name);
        return value == null ? otherwise : String.valueOf(value);
    }

    /** The value of a switch, null where it was not given. */
    Boolean flag(String name) {
        Object value = kwargs.get(name);
        return value == null ? null : Boolean.valueOf(String.valueOf(value));
    }
}
