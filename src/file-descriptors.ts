/** Descriptors of the process itself: threads, the log, keys, a database file, what listens. */
const OWN = 64;
/** The part of the others that connections may take; the rest is for the files that requests open. */
const PART_OF_CONNECTIONS = 3 / 4;

interface Report {
  userLimits?: { open_files?: { soft: number | string } };
}

/** Returns the most files that the process may open at once; Node has raised the soft limit to the hard one. */
export function descriptorLimit(): number {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  // Otherwise a name would be looked up for each connection.
  report.excludeNetwork = true;
  const { userLimits } = report.getReport() as Report;
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Number.POSITIVE_INFINITY;
}

/** Returns the most connections that leave enough descriptors for the database and for files. */
export function connectionsWithin(limit: number, databaseConnections: number): number {
  return Math.max(0, Math.floor((limit - OWN - databaseConnections) * PART_OF_CONNECTIONS));
}
