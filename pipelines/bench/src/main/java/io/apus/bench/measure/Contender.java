package io.apus.bench.measure;

import java.io.IOException;

/**
 * One of several ways to do the same work.
 *
 * @param name its name in the table
 * @param work does it once
 */
public record Contender(String name, Work work) {
    /** Work whose result depends on all of it, so that none can be optimised away. */
    public interface Work {
        double run() throws IOException;
    }
}
