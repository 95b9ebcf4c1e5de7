package io.apus.bench;

import java.nio.file.Path;

/** The corpus that comes with the repository, for whoever names no other data. */
final class Quickstart {
    private Quickstart() {}

    static Path folder() {
        return root().resolve("conf/datasets/quickstart");
    }

    /** The project's folder, which {@code -Dapus.root} names. */
    static Path root() {
        return Path.of(System.getProperty("apus.root", "."));
    }
}
