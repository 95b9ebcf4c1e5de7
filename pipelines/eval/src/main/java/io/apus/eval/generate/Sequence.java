package io.apus.eval.generate;

import java.util.Arrays;

/** One text while it is being generated: its slot in the cache, what was written so far, and what the model has not read yet. */
final class Sequence {
    private final int slot;
    private final int limit;
    private final Sampler sampler;
    private final int[] written;
    private int count;
    private int[] unread;
    private Generation.Finish finish;

    /**
     * @param slot index of the request, and its slot in the cache
     * @param limit most tokens to write
     */
    Sequence(int slot, GenerationRequest request, int limit) {
        this.slot = slot;
        this.limit = limit;
        this.sampler = new Sampler(request.settings(), request.promptIds());
        this.written = new int[limit];
        this.unread = request.promptIds();
    }

    int slot() {
        return slot;
    }

    Sampler sampler() {
        return sampler;
    }

    int[] unread() {
        return unread;
    }

    boolean isDone() {
        return finish != null;
    }

    /** Takes the chosen token. */
    void accept(int id, TokenListener listener) {
        if (sampler.settings().stopIds().contains(id)) {
            finish = Generation.Finish.STOP;
            return;
        }
        written[count++] = id;
        sampler.accept(id);
        listener.token(slot, id);
        unread = new int[] {id};
        if (count == limit) {
            finish = Generation.Finish.LENGTH;
        }
    }

    Generation result() {
        return new Generation(Arrays.copyOf(written, count), finish);
    }
}
