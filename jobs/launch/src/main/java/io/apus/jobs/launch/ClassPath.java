package io.apus.jobs.launch;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The class path of this process, which embedded executors share and others fetch. */
final class ClassPath {
    private static final String JAR = "apus.jar";

    private ClassPath() {}

    /** All of it, with absolute paths. */
    static String whole() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The shaded jar that we were started from, or nothing; executors on other machines fetch it from the driver. */
    static String jar() {
        return Arrays.stream(whole().split(File.pathSeparator))
                .filter(entry -> Path.of(entry).endsWith(JAR))
                .findFirst()
                .orElse("");
    }
}
