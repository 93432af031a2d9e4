/** Descriptors of the process itself: threads, the log, keys, a database file, listening sockets. */
const RESERVED_DESCRIPTORS = 64;
/** Part of the other descriptors for connections; the rest is for files that requests open. */
const CONNECTION_SHARE = 3 / 4;

interface Report {
  userLimits?: { open_files?: { soft: number | string } };
}

/** Returns the largest number of open files of this process. Node has raised the soft limit to the hard one. */
export function descriptorLimit(): number {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  // Otherwise the report would resolve a host name for each connection.
  report.excludeNetwork = true;
  const { userLimits } = report.getReport() as Report;
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Number.POSITIVE_INFINITY;
}

/** Returns the largest number of connections that leaves enough descriptors for the database and for files. */
export function connectionsWithin(limit: number, databaseConnections: number): number {
  return Math.max(
    0,
    Math.floor((limit - RESERVED_DESCRIPTORS - databaseConnections) * CONNECTION_SHARE),
  );
}
