package io.apus.corpus.filter.rule;

import java.nio.file.Path;

/** Where filters find what they name. */
public interface FilterSources {
    /** Names are paths. */
    FilterSources FILES = Path::of;

    /** The rows of an evaluation set by its catalog name, or of a file by its path. */
    Path evaluation(String name);
}
