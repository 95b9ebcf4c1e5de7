package io.apus.hub;

import io.apus.hub.repo.HubProgress;
import io.apus.hub.repo.RepoFile;
import io.apus.testkit.hub.Asked;
import io.apus.testkit.hub.LoopbackHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** A loopback hub, an empty cache, and a client that never really waits. */
final class HubFixture implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    final LoopbackHub server = LoopbackHub.start();
    final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
    final Recorder progress = new Recorder();
    final Path root;
    private final Map<String, String> env = new HashMap<>();
    private Duration patience = Duration.ofSeconds(30);

    HubFixture(Path root) {
        this.root = root;
        env.put("HOME", root.toString());
        env.put("HF_ENDPOINT", server.endpoint());
        env.put("HF_HUB_CACHE", root.resolve("hf").toString());
        env.put("MODELSCOPE_ENDPOINT", server.endpoint());
        env.put("MODELSCOPE_CACHE", root.resolve("ms").toString());
    }

    HubFixture with(String variable, String value) {
        env.put(variable, value);
        return this;
    }

    HubFixture patience(Duration longest) {
        patience = longest;
        return this;
    }

    Hub hub(String name) {
        return Hub.of(name, env, new Hub.Wait(waits::add, Clock.fixed(NOW, ZoneOffset.UTC), patience));
    }

    /** What was asked for at either address, without the query. */
    List<String> askedPaths() {
        return server.asked().stream()
                .map(Asked::path)
                .map(path -> path.replaceFirst("\\?.*", ""))
                .toList();
    }

    /** All files below the fixture's folder, links not followed. */
    List<String> files() throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        server.close();
    }

    /** Adds up what it hears. */
    static final class Recorder implements HubProgress {
        final List<String> done = Collections.synchronizedList(new ArrayList<>());
        final List<String> notes = Collections.synchronizedList(new ArrayList<>());
        long announced;
        private long received;

        @Override
        public void begin(int files, long bytes) {
            announced += bytes;
        }

        @Override
        public synchronized void advance(long bytes) {
            received += bytes;
        }

        @Override
        public void done(RepoFile file) {
            done.add(file.path());
        }

        @Override
        public void note(String line) {
            notes.add(line);
        }

        synchronized long received() {
            return received;
        }
    }
}
