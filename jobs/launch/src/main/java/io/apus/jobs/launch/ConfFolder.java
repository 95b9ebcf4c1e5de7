package io.apus.jobs.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the folder of catalogs ({@code conf}). */
public final class ConfFolder {
    private static final String PROPERTY = "apus.conf";
    private static final String VARIABLE = "APUS_CONF";

    private ConfFolder() {}

    /**
     * The folder named by the property {@code apus.conf} or the variable {@code APUS_CONF}; else the folder {@code conf} that the run
     * file lies in; else {@code conf} of the working folder.
     */
    public static Path find(Optional<Path> runFile) {
        String given = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        if (given != null) {
            return Path.of(given);
        }
        Path folder = runFile.map(file -> file.toAbsolutePath().normalize().getParent())
                .orElse(null);
        while (folder != null) {
            if (folder.endsWith("conf") && Files.isDirectory(folder)) {
                return folder;
            }
            folder = folder.getParent();
        }
        return Path.of("conf");
    }
}
