// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors
package org.lamplighter.runtime;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * {@code dbfs:/} for Spark: the files below the local directory that the setting {@code lamplighter.dbfs.root} names,
 * the same that the server's DBFS API reads and writes.
 */
public final class DbfsFileSystem extends RawLocalFileSystem {
  public static final String ROOT = "lamplighter.dbfs.root";
  private static final URI NAME = URI.create("dbfs:///");

  private File root;

  @Override
  public void initialize(URI uri, Configuration configuration) throws IOException {
    String directory = configuration.get(ROOT);
    if (directory == null || directory.isEmpty()) {
      throw new IOException("dbfs:/ is not available: spark.hadoop." + ROOT + " is not set");
    }
    root = new File(directory);
    super.initialize(uri, configuration);
    setWorkingDirectory(new Path(NAME.toString(), "/"));
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "dbfs";
  }

  @Override
  protected Path getInitialWorkingDirectory() {
    return new Path(NAME.toString(), "/");
  }

  @Override
  public Path getHomeDirectory() {
    return new Path(NAME.toString(), "/");
  }

  @Override
  public File pathToFile(Path path) {
    checkPath(path);
    Path absolute = path.isAbsolute() ? path : new Path(getWorkingDirectory(), path);
    String local = absolute.toUri().getPath();
    for (String component : local.split("/")) {
      if (component.equals("..")) {
        throw new IllegalArgumentException("a dbfs path must not contain ..: " + path);
      }
    }
    return new File(root, local);
  }

  /** The status under the name it was asked by; the superclass would show where the file lies on this machine. */
  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    File file = pathToFile(path);
    if (!file.exists()) {
      throw new java.io.FileNotFoundException("No file or directory exists on path " + path + ".");
    }
    return new FileStatus(
        file.isDirectory() ? 0 : file.length(),
        file.isDirectory(),
        1,
        getDefaultBlockSize(path),
        file.lastModified(),
        makeQualified(path));
  }

  /** The superclass would again answer a file with its place on this machine. */
  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    FileStatus status = getFileStatus(path);
    return status.isDirectory() ? super.listStatus(path) : new FileStatus[] {status};
  }

  @Override
  public FileStatus getFileLinkStatus(Path path) throws IOException {
    return getFileStatus(path);
  }
}
