package io.apus.hub.http;

import io.apus.hub.repo.HubProgress;
import io.apus.hub.repo.RepoFile;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches one file into a part file: goes on where an earlier try stopped (a range request), tries again after cuts, and checks
 * length and checksum. A part that fails its check is deleted.
 */
public final class Download {
    private static final int BUFFER = 1 << 18;
    /** Bytes that make a try worth counting anew. */
    private static final long PROGRESS = 1 << 20;

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    private final Http http;
    private final Retry retry;

    public Download(Http http, Retry retry) {
        this.http = http;
        this.retry = retry;
    }

    /**
     * A file's address.
     *
     * @param expected headers that the hub's answer may have and must then have with these values, e.g. the commit
     */
    public record Source(URI address, Map<String, String> expected) {}

    /** Returns when {@code part} holds all of {@code file}; throws a {@link UserError} that names the file when it does not hash right. */
    public void fetch(Source source, RepoFile file, Path part, HubProgress progress) throws IOException {
        boolean resumed = Files.exists(part) && Files.size(part) > 0;
        if (receive(source, file, part, progress)) {
            return;
        }
        Files.deleteIfExists(part);
        progress.advance(-file.size());
        // An earlier try may have left bytes of another file; one fresh try tells.
        if (resumed && receive(source, file, part, progress)) {
            return;
        }
        Files.deleteIfExists(part);
        throw new UserError(
                "Cannot download " + file.path(),
                "its " + file.size() + " bytes do not have the checksum "
                        + file.checksum().hex(),
                "It was deleted; try again, or from another endpoint.");
    }

    private boolean receive(Source source, RepoFile file, Path path, HubProgress progress) throws IOException {
        Retry.Budget budget = retry.budget();
        try (PartFile part = PartFile.open(path, file)) {
            progress.advance(part.length());
            while (!part.isComplete()) {
                long before = part.length();
                try {
                    append(source, file, part, progress);
                } catch (StatusException e) {
                    budget.failed(e);
                } catch (IOException e) {
                    if (part.length() - before >= PROGRESS) {
                        budget.progressed();
                    }
                    budget.failed(named(file, part, e));
                }
            }
            return part.isRight();
        }
    }

    private static IOException named(RepoFile file, PartFile part, IOException e) {
        return e instanceof InterruptedIOException || e instanceof FileSystemException
                ? e
                : new IOException(
                        file.path() + " stopped at " + part.length() + " of its " + file.size() + " bytes ("
                                + e.getMessage() + ")",
                        e);
    }

    private void append(Source source, RepoFile file, PartFile part, HubProgress progress) throws IOException {
        Map<String, String> headers = new HashMap<>();
        if (part.length() > 0) {
            headers.put("Range", "bytes=" + part.length() + "-");
        }
        try (Reply reply = http.open(source.address(), headers)) {
            check(source, file, reply.first());
            if (part.length() > 0 && !continues(reply, part)) {
                progress.advance(-part.length());
                part.restart();
            }
            checkLength(file, part, reply.headers());
            copy(reply.body(), file, part, progress);
        }
    }

    private static void check(Source source, RepoFile file, HttpHeaders headers) {
        source.expected().forEach((name, value) -> headers.firstValue(name)
                .map(found -> found.replaceFirst("^W/", "").replace("\"", ""))
                .filter(found -> !found.equals(value))
                .ifPresent(found -> {
                    throw new UserError(
                            "Cannot download " + file.path(),
                            "the hub's " + name + " is " + ErrorWords.line(found) + " and its listing says " + value,
                            "Try again: the repository or the mirror may just be changing.");
                }));
    }

    /** Whether the answer goes on where the part ends; one without ranges begins again, and so does one of another range, whose length tells. */
    private static boolean continues(Reply reply, PartFile part) {
        Matcher range = CONTENT_RANGE.matcher(
                reply.headers().firstValue("Content-Range").orElse(""));
        return reply.status() == 206 && range.matches() && Long.parseLong(range.group(1)) == part.length();
    }

    private static void checkLength(RepoFile file, PartFile part, HttpHeaders headers) throws IOException {
        long expected = file.size() - part.length();
        long announced = headers.firstValue("Content-Length")
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(expected);
        if (announced != expected) {
            throw new IOException("the hub announces " + (announced + part.length()) + " bytes");
        }
    }

    private static void copy(InputStream body, RepoFile file, PartFile part, HubProgress progress) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            if (part.length() + read > file.size()) {
                throw new IOException("the hub sends more");
            }
            part.write(buffer, read);
            progress.advance(read);
        }
        if (!part.isComplete()) {
            throw new IOException("the connection ended");
        }
    }
}
