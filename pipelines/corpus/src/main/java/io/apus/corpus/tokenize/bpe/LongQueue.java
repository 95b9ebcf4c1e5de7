package io.apus.corpus.tokenize.bpe;

import java.util.Arrays;

/** Numbers, the smallest first: a binary heap without objects. */
final class LongQueue {
    private long[] heap;
    private int size;

    LongQueue(int expected) {
        heap = new long[Math.max(16, expected)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void offer(long value) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        int at = size++;
        while (at > 0 && heap[(at - 1) >>> 1] > value) {
            heap[at] = heap[(at - 1) >>> 1];
            at = (at - 1) >>> 1;
        }
        heap[at] = value;
    }

    long poll() {
        long smallest = heap[0];
        long last = heap[--size];
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            child += child + 1 < size && heap[child + 1] < heap[child] ? 1 : 0;
            if (heap[child] >= last) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return smallest;
    }
}
