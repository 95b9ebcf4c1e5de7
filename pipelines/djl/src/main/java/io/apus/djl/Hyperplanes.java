package io.apus.djl;

import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * Random-hyperplane hashing (Charikar 2002, "Similarity estimation techniques from rounding algorithms"): a bit of the hash says on which side of
 * a plane a vector lies, and vectors at the angle x agree on it with probability 1 - x / pi. Bits are taken in bands; vectors that agree on all
 * bits of a band are candidates.
 *
 * @param bands number of hashes
 * @param bits bits of a hash, at most 63
 * @param seed the same planes for the same seed
 */
record Hyperplanes(int bands, int bits, long seed) implements Serializable {
    /** The normals of the planes for vectors of {@code width}, [bands * bits][width]. */
    float[][] normals(int width) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] normals = new float[bands * bits][width];
        for (float[] normal : normals) {
            for (int i = 0; i < width; i++) {
                normal[i] = (float) nearlyGaussian(random);
            }
        }
        return normals;
    }

    /** The hash of one band of a vector. */
    long hash(float[][] normals, int band, float[] vector) {
        long hash = 0;
        for (int bit = 0; bit < bits; bit++) {
            hash = (hash << 1) | (Vectors.dot(normals[band * bits + bit], vector) >= 0 ? 1 : 0);
        }
        return hash;
    }

    /** The sum of four uniform numbers: normal enough for planes of all directions, and the same on every machine. */
    private static double nearlyGaussian(SplittableRandom random) {
        return random.nextDouble() + random.nextDouble() + random.nextDouble() + random.nextDouble() - 2;
    }
}
