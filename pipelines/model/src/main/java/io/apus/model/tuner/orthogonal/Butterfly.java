package io.apus.model.tuner.orthogonal;

import io.apus.schemas.UserError;

/**
 * The shape of one layer's butterfly.
 *
 * @param factors block-diagonal matrices that follow each other
 */
record Butterfly(int features, int blockSize, int blocks, int factors) {
    static Butterfly of(String name, long inFeatures, BoftSettings settings) {
        int features = Math.toIntExact(inFeatures);
        boolean bySize = settings.blockSize() != 0;
        int part = bySize ? settings.blockSize() : settings.blocks();
        String option = bySize ? "boft_block_size" : "boft_block_num";
        if (features % part != 0) {
            throw refused(name, "its " + features + " inputs are no multiple of " + option + " " + part);
        }
        int size = bySize ? part : features / part;
        Butterfly result = new Butterfly(features, size, features / size, settings.factors());
        if (settings.factors() > 1 && (size % 2 != 0 || result.blocks() % (1 << (settings.factors() - 1)) != 0)) {
            throw refused(
                    name,
                    result.blocks() + " blocks of " + size + " inputs make no butterfly of boft_n_butterfly_factor "
                            + settings.factors() + ", which needs even blocks whose number is a multiple of "
                            + (1 << (settings.factors() - 1)));
        }
        return result;
    }

    private static UserError refused(String name, String problem) {
        return new UserError("Cannot attach BOFT", name + ": " + problem, "Choose other sizes or target_modules.");
    }

    /**
     * Where each input of a factor comes from: in runs of {@code features / blocks * 2^factor} inputs the half blocks are dealt out,
     * the even ones first.
     */
    long[] shuffle(int factor) {
        int half = blockSize / 2;
        int run = factors == 1 ? features : features / (blocks >> factor);
        long[] order = new long[features];
        for (int i = 0; i < features; i++) {
            order[i] = factors == 1 ? i : (i / run) * run + dealt(i % run, run / half, half);
        }
        return order;
    }

    private static int dealt(int place, int halves, int half) {
        int position = place / half;
        int evens = (halves + 1) / 2;
        int source = position < evens ? 2 * position : 2 * (position - evens) + 1;
        return source * half + place % half;
    }
}
