package io.apus.jobs.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of Apus that is running; manifests keep it, and a stage of another version is not taken for committed. */
public final class CodeVersion {
    private static final String VERSION = read();

    private CodeVersion() {}

    public static String get() {
        return VERSION;
    }

    private static String read() {
        try (InputStream in = CodeVersion.class.getResourceAsStream("version.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
