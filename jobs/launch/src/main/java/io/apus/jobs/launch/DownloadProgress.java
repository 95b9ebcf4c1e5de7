package io.apus.jobs.launch;

import io.apus.hub.repo.HubProgress;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Shows a download as a phase of the run. */
public final class DownloadProgress implements HubProgress {
    private final String phase;
    private final Progress progress;
    private final Consumer<String> notes;
    private final AtomicLong received = new AtomicLong();

    /**
     * @param phase e.g. "download Qwen/Qwen3-0.6B"
     * @param notes hears what the user should know, e.g. that the cache was used
     */
    public DownloadProgress(String phase, Progress progress, Consumer<String> notes) {
        this.phase = phase;
        this.progress = progress;
        this.notes = notes;
    }

    @Override
    public void begin(int files, long bytes) {
        if (files > 0) {
            progress.begin(phase, bytes);
        }
    }

    @Override
    public void advance(long bytes) {
        long now = received.addAndGet(bytes);
        progress.update(now, size(now));
    }

    @Override
    public void note(String line) {
        notes.accept(line);
    }

    /** Bytes in the unit that suits, e.g. "1.2 GB". */
    public static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        double value = bytes;
        String units = "BkMGTP";
        int unit = 0;
        while (value >= 999.95 && unit < units.length() - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", value, units.charAt(unit));
    }
}
