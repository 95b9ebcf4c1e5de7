package io.apus.train.parallel.zero;

import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Remembered;
import java.util.List;

/**
 * Moves this rank's part of the weights and then lets all ranks have it.
 *
 * @param stepped lets them have what learns at this moment
 * @param changed lets them have everything: layers whose turn it is not are loaded and averaged too
 */
record ZeroOptimiser(Optimiser own, Runnable stepped, Runnable changed) implements Optimiser {
    @Override
    public void step(double learningRate) {
        own.step(learningRate);
        stepped.run();
    }

    /** Lets all ranks have the weights as they are on the ranks that move them. */
    void publish() {
        changed.run();
    }

    @Override
    public List<Remembered> remembered() {
        return own.remembered();
    }

    @Override
    public long bytes() {
        return own.bytes();
    }

    @Override
    public boolean averages() {
        return own.averages();
    }

    /** All ranks call it together, and end it together. */
    @Override
    public Swapped evaluated() {
        if (!averages()) {
            return () -> {};
        }
        Swapped swapped = own.evaluated();
        publish();
        return () -> {
            swapped.close();
            publish();
        };
    }

    @Override
    public void close() {
        own.close();
    }
}
