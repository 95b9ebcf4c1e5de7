package io.apus.schemas.spec;

import java.util.List;

/** Settings that cannot be run, with every problem found in them, each as "section.option: what is wrong". */
public final class InvalidSpec extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public InvalidSpec(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
