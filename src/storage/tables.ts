export interface StorageTables {
  installation: InstallationTable;
  leases: LeasesTable;
  removed_objects: RemovedObjectsTable;
}

/** One row, made with the table: the id that the storage of this database also holds. */
export interface InstallationTable {
  name: string;
  id: string;
}

/** Work that one process at a time does. */
export interface LeasesTable {
  name: string;
  /** Id of the process that does the work. */
  holder: string | null;
  /** By the clock of the database, in milliseconds since 1970. */
  expires_at: number;
}

/** Objects whose rows are gone, and which are still to be removed from the storage. */
export interface RemovedObjectsTable {
  object_key: string;
  removed_at: number;
}
