package io.apus.jobs.train.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.spark.barrier.RankListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the log lines of rank 0 to an MLflow tracking server, under the names that transformers gives them. A thread of its own sends
 * them, so a server that is slow, wrong or gone costs the run nothing but a warning; what it missed is sent when it answers again,
 * the newest {@value #KEPT} values at least.
 */
public final class MlflowLog implements RankListener, AutoCloseable {
    static final int KEPT = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(MlflowLog.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> LOGGED = Set.of("log", "evaluation", "ended");
    private static final int BATCH = 1000;
    private static final long FIRST_PAUSE = 200;
    private static final long LONGEST_PAUSE = Duration.ofMinutes(1).toMillis();

    private final MlflowSettings settings;
    private final MlflowClient client;
    private final RunIdFile file;
    private final String name;
    private final Map<String, String> parameters;
    private final Duration patience;
    private final Thread sender;
    private final Deque<Metric> waiting = new ArrayDeque<>();
    private String status = "KILLED";
    private boolean closing;
    private boolean warned;

    private MlflowLog(
            MlflowSettings settings,
            RunIdFile file,
            String name,
            Map<String, String> parameters,
            Duration timeout,
            Duration patience) {
        this.settings = settings;
        this.client = new MlflowClient(settings, timeout);
        this.file = file;
        this.name = settings.runName().orElse(name);
        this.parameters = Map.copyOf(parameters);
        this.patience = patience;
        this.sender = new Thread(this::send, "mlflow");
        sender.setDaemon(true);
    }

    /**
     * Begins a run, or goes on with the one that {@code file} names.
     *
     * @param name of a new run, unless the settings have one
     * @param parameters options of the run
     */
    public static MlflowLog open(MlflowSettings settings, RunIdFile file, String name, Map<String, String> parameters) {
        return open(settings, file, name, parameters, Duration.ofSeconds(10), Duration.ofSeconds(15));
    }

    /**
     * @param timeout of a request
     * @param patience longest time that {@link #close} waits for what is left to be sent
     */
    static MlflowLog open(
            MlflowSettings settings,
            RunIdFile file,
            String name,
            Map<String, String> parameters,
            Duration timeout,
            Duration patience) {
        MlflowLog log = new MlflowLog(settings, file, name, parameters, timeout, patience);
        log.sender.start();
        return log;
    }

    @Override
    public void report(int rank, String line) {
        JsonNode report = parsed(line);
        String type = report.path("type").asText();
        if (!LOGGED.contains(type)) {
            return;
        }
        long step = step(report);
        long now = System.currentTimeMillis();
        synchronized (waiting) {
            report.properties().forEach(field -> {
                JsonNode value = field.getValue();
                if (value.isNumber() && Double.isFinite(value.asDouble())) {
                    waiting.add(new Metric(MlflowClient.clean(field.getKey()), value.asDouble(), now, step));
                }
            });
            while (waiting.size() > KEPT) {
                waiting.remove();
            }
            status = type.equals("ended") ? "FINISHED" : status;
            waiting.notifyAll();
        }
    }

    private static long step(JsonNode report) {
        String place = report.path("global_step/max_steps").asText();
        int slash = place.indexOf('/');
        return slash > 0 ? Long.parseLong(place.substring(0, slash)) : 0;
    }

    /** The run came to its end. */
    public void ended() {
        status("FINISHED");
    }

    /** The run has failed. */
    public void failed() {
        status("FAILED");
    }

    private void status(String now) {
        synchronized (waiting) {
            status = now;
        }
    }

    /** Sends what is left, as far as that goes quickly, and says how the run ended. */
    @Override
    public void close() {
        synchronized (waiting) {
            closing = true;
            waiting.notifyAll();
        }
        try {
            sender.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.interrupt();
    }

    private void send() {
        try {
            Optional<String> run = tried(this::begin);
            while (run.isPresent() && tried(() -> sendNext(run.get())).orElse(false)) {
                // until the log is closed and everything is sent
            }
        } catch (InterruptedException e) {
            warn("it did not take everything in time");
        } catch (RuntimeException e) {
            warn(e.toString());
        }
    }

    /** Something that needs the server. */
    @FunctionalInterface
    private interface Call<T> {
        T make() throws IOException, InterruptedException;
    }

    /** Makes {@code call} until the server answers; empty if it has not done so when the log is closed. */
    private <T> Optional<T> tried(Call<T> call) throws InterruptedException {
        long pause = FIRST_PAUSE;
        while (true) {
            boolean last = closed();
            try {
                return Optional.of(call.make());
            } catch (IOException e) {
                warn(e.toString());
            }
            if (last) {
                return Optional.empty();
            }
            pause(pause);
            pause = Math.min(LONGEST_PAUSE, 2 * pause);
        }
    }

    private String begin() throws IOException, InterruptedException {
        Optional<String> known = settings.runId().or(() -> file.read(settings.server()));
        if (known.isPresent()) {
            client.running(known.get());
            return known.get();
        }
        String made = client.create(name, parameters);
        file.write(settings.server(), made);
        return made;
    }

    /** Sends one batch, which waits on until it is sent; false after the last. */
    private boolean sendNext(String run) throws IOException, InterruptedException {
        List<Metric> batch = next();
        if (batch.isEmpty()) {
            client.ended(run, status());
            return false;
        }
        client.log(run, batch);
        synchronized (waiting) {
            batch.forEach(waiting::remove);
        }
        return true;
    }

    /** Waits for values; empty when the log is closed and has none left. */
    private List<Metric> next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty() && !closing) {
                waiting.wait();
            }
            return waiting.stream().limit(BATCH).toList();
        }
    }

    private boolean closed() {
        synchronized (waiting) {
            return closing;
        }
    }

    private String status() {
        synchronized (waiting) {
            return status;
        }
    }

    /** Waits {@code millis}, or until the log is closed. */
    private void pause(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (waiting) {
            for (long left = millis;
                    !closing && left > 0;
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                waiting.wait(left);
            }
        }
    }

    private void warn(String why) {
        if (!warned) {
            warned = true;
            LOG.warn("MLflow at {} is not served: {}. The run goes on without it.", settings.server(), why);
        }
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException fault) {
            throw new IllegalArgumentException("a report is a JSON object, this one is " + line, fault);
        }
    }
}
