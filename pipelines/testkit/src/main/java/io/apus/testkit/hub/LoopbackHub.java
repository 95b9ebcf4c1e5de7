package io.apus.testkit.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A hub on this machine for tests: it speaks the APIs of Hugging Face and of ModelScope over repositories in memory, sends large files
 * from a second port as the real ones do from their file servers, writes down every request, and misbehaves on demand.
 */
public final class LoopbackHub implements AutoCloseable {
    private final HttpServer api;
    private final HttpServer files;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, HubRepo> repos = new ConcurrentHashMap<>();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile int pageSize = 1000;

    private LoopbackHub() throws IOException {
        api = server();
        files = server();
        HuggingFaceApi huggingFace = new HuggingFaceApi(this);
        ModelScopeApi modelScope = new ModelScopeApi(this);
        api.createContext("/", exchange -> {
            asked.add(Asked.of(false, exchange));
            if (exchange.getRequestURI().getPath().startsWith("/api/v1/")) {
                modelScope.answer(exchange);
            } else {
                huggingFace.answer(exchange);
            }
        });
        files.createContext("/", exchange -> {
            asked.add(Asked.of(true, exchange));
            serveLarge(exchange);
        });
        api.start();
        files.start();
    }

    private HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        return server;
    }

    /** Starts a hub without repositories. */
    public static LoopbackHub start() {
        try {
            return new LoopbackHub();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its address, for {@code HF_ENDPOINT} or {@code MODELSCOPE_ENDPOINT}. */
    public String endpoint() {
        return "http://127.0.0.1:" + api.getAddress().getPort();
    }

    /** The address that large files are redirected to: another host, as far as names tell. */
    public String fileEndpoint() {
        return "http://localhost:" + files.getAddress().getPort();
    }

    /** Adds an empty model repository; its branch is both "main" and "master". */
    public HubRepo model(String id) {
        return repo("models/" + id);
    }

    /** Adds an empty dataset repository. */
    public HubRepo dataset(String id) {
        return repo("datasets/" + id);
    }

    private HubRepo repo(String key) {
        HubRepo repo = new HubRepo();
        repos.put(key, repo);
        return repo;
    }

    /** How many entries a page of Hugging Face's listing has. */
    public void pageSize(int entries) {
        pageSize = entries;
    }

    /** The next answers about {@code path}, a file or an API path, are these faults, one an answer. */
    public void fail(String path, Fault... next) {
        faults.computeIfAbsent(path, key -> new ArrayDeque<>()).addAll(Arrays.asList(next));
    }

    /** All requests so far, in the order in which they came. */
    public List<Asked> asked() {
        synchronized (asked) {
            return List.copyOf(asked);
        }
    }

    int pageSize() {
        return pageSize;
    }

    Optional<HubRepo> find(String key) {
        return Optional.ofNullable(repos.get(key));
    }

    Optional<Fault> fault(String path) {
        Deque<Fault> next = faults.get(path);
        if (next == null) {
            return Optional.empty();
        }
        synchronized (next) {
            return Optional.ofNullable(next.poll());
        }
    }

    /** Answers with {@code blob}, from here if it is small, from the second address if it is large. */
    void serve(HttpExchange exchange, String repo, HubRepo.Blob blob) throws IOException {
        if (blob.lfs()) {
            Optional<Fault> fault = fault("redirect " + blob.path());
            String location = fileEndpoint() + "/" + repo + "/" + blob.sha256() + "?signature=1";
            if (fault.isPresent() && fault.get() instanceof Fault.Redirect elsewhere) {
                location = elsewhere.location();
            }
            Answers.redirect(exchange, location);
        } else {
            send(exchange, blob);
        }
    }

    private void serveLarge(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        int slash = path.lastIndexOf('/');
        Optional<HubRepo.Blob> blob = find(path.substring(1, Math.max(1, slash)))
                .flatMap(repo -> repo.files().stream()
                        .filter(file -> file.sha256().equals(path.substring(slash + 1)))
                        .findFirst());
        if (blob.isPresent()) {
            send(exchange, blob.get());
        } else {
            Answers.status(exchange, new Fault.Status(404, ""));
        }
    }

    private void send(HttpExchange exchange, HubRepo.Blob blob) throws IOException {
        Optional<Fault> fault = fault(blob.path());
        if (fault.isEmpty()) {
            Answers.bytes(exchange, blob.bytes(), true);
        } else {
            misbehave(exchange, blob.bytes(), fault.get());
        }
    }

    /** Answers with a fault; {@code bytes} are what should have been sent. */
    void misbehave(HttpExchange exchange, byte[] bytes, Fault fault) throws IOException {
        if (fault instanceof Fault.CutAfter cut) {
            Answers.cut(exchange, bytes, cut.bytes());
        } else if (fault instanceof Fault.WrongBytes) {
            byte[] wrong = bytes.clone();
            wrong[wrong.length / 2] ^= 1;
            Answers.bytes(exchange, wrong, true);
        } else if (fault instanceof Fault.WrongLength length) {
            Answers.bytes(exchange, Arrays.copyOf(bytes, bytes.length + length.more()), true);
        } else if (fault instanceof Fault.Status status) {
            Answers.status(exchange, status);
        } else if (fault instanceof Fault.Redirect redirect) {
            Answers.redirect(exchange, redirect.location());
        } else if (fault instanceof Fault.NoRanges) {
            Answers.bytes(exchange, bytes, false);
        } else if (fault instanceof Fault.Header header) {
            exchange.getResponseHeaders().set(header.name(), header.value());
            Answers.bytes(exchange, bytes, true);
        } else {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().flush();
            awaitClose();
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops at once; connections are cut. */
    @Override
    public void close() {
        closed.countDown();
        api.stop(0);
        files.stop(0);
        threads.shutdownNow();
    }
}
