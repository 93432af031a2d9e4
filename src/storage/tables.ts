export interface StorageTables {
  installation: InstallationTable;
  removed_objects: RemovedObjectsTable;
}

/** One row, made with the table: the id that is also in the storage of this database. */
interface InstallationTable {
  name: string;
  id: string;
}

/** Objects without rows, still to be removed from the storage. */
export interface RemovedObjectsTable {
  object_key: string;
  removed_at: number;
}
