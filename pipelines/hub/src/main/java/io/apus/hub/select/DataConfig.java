package io.apus.hub.select;

import java.util.List;
import java.util.Map;

/**
 * A subset that a dataset's README.md declares.
 *
 * @param splits patterns of each split's files, in the order of the card; empty where the subset names a folder only
 * @param folder {@code data_dir}, or empty
 * @param preferred whether the card calls it the default
 */
record DataConfig(String name, Map<String, List<String>> splits, String folder, boolean preferred) {}
