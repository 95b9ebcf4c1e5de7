package io.apus.bench;

import java.nio.file.Path;

/** The corpus that comes with the repository, for whoever names no other data. */
final class Quickstart {
    private Quickstart() {}

    /** Below the project's root, which {@code -Dapus.root} names. */
    static Path folder() {
        return Path.of(System.getProperty("apus.root", ".")).resolve("conf/datasets/quickstart");
    }
}
