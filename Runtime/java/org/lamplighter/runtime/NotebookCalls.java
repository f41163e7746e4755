// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

package org.lamplighter.runtime;

/** What a Scala cell asks of its notebook; Python implements it. */
public interface NotebookCalls {
    /**
     * Texts and results of Spark go in. The answer is a text whose first character tells what it is: '=' a value, '0'
     * nothing, '!' an error with this message. Parts of a list are separated by the character U+0000.
     */
    String call(String name, Object first, Object second, Object third, Object fourth);
}
