export interface StorageTables {
  installation: InstallationTable;
  removed_objects: RemovedObjectsTable;
}

/** One row, made with the table: the id that the storage of this database also holds. */
export interface InstallationTable {
  name: string;
  id: string;
}

/** Objects whose rows are gone, and which are still to be removed from the storage. */
export interface RemovedObjectsTable {
  object_key: string;
  removed_at: number;
}
