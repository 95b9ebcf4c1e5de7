package io.apus.djl;

/** Arithmetic on embeddings. */
final class Vectors {
    private Vectors() {}

    /** Brings a vector to length one in place; false, and nothing done, where it has no direction. */
    static boolean normalize(float[] vector) {
        double norm = Math.sqrt(dot(vector, vector));
        if (!(norm > 0) || Double.isInfinite(norm)) {
            return false;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / norm);
        }
        return true;
    }

    /** The cosine of vectors of length one. */
    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
