package io.apus.corpus.tokenize.bpe;

import java.util.Arrays;

/** A node of a tree of strings, one character a step; children in the order of their characters. */
final class Trie {
    private char[] keys = {};
    private Trie[] children = {};
    private AddedToken token;

    void add(AddedToken added) {
        Trie node = this;
        for (char c : added.content().toCharArray()) {
            node = node.childFor(c);
        }
        node.token = added;
    }

    private Trie childFor(char c) {
        int at = Arrays.binarySearch(keys, c);
        if (at >= 0) {
            return children[at];
        }
        int to = -at - 1;
        char[] moreKeys = Arrays.copyOf(keys, keys.length + 1);
        Trie[] moreChildren = Arrays.copyOf(children, keys.length + 1);
        System.arraycopy(keys, to, moreKeys, to + 1, keys.length - to);
        System.arraycopy(children, to, moreChildren, to + 1, keys.length - to);
        moreKeys[to] = c;
        moreChildren[to] = new Trie();
        keys = moreKeys;
        children = moreChildren;
        return moreChildren[to];
    }

    /** The longest string of the tree that the text goes on with at {@code at}; null where none does. */
    AddedToken longestOrNull(char[] text, int at, int end) {
        AddedToken longest = null;
        Trie node = this;
        for (int i = at; i < end; i++) {
            int child = Arrays.binarySearch(node.keys, text[i]);
            if (child < 0) {
                break;
            }
            node = node.children[child];
            longest = node.token == null ? longest : node.token;
        }
        return longest;
    }
}
