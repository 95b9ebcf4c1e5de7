package io.apus.train.parallel.device;

import io.apus.tensor.Device;

/**
 * A device and what it can take.
 *
 * @param bytes that are free
 */
public record Room(Device device, long bytes) {}
