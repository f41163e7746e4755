// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

extension APIOperation {
    /// Every endpoint below /api/2.0, in the order of the document.
    public static let all: [APIOperation] = jobs + runs + workspace + secrets + dbfs + destinations + own

    private static let jobs = [
        APIOperation(
            .post, "jobs/create", "Jobs", "CreateJob", "Create a job", takes: CreateJobRequest.self,
            answers: "CreateJobResponse",
            "Exactly one task, and for all but pipeline and run-job tasks exactly one of new_cluster and existing_cluster_id."
        ),
        APIOperation(
            .get, "jobs/list", "Jobs", "ListJobs", "List all jobs", takes: ListJobsRequest.self,
            answers: "ListJobsResponse"),
        APIOperation(
            .get, "jobs/get", "Jobs", "GetJob", "Get a job", takes: JobIDRequest.self, answers: "Job"),
        APIOperation(
            .post, "jobs/reset", "Jobs", "ResetJob", "Replace all settings of a job", takes: ResetJobRequest.self,
            "A new timeout_seconds applies to active runs as well, everything else to future runs."),
        APIOperation(
            .post, "jobs/update", "Jobs", "UpdateJob", "Change some settings of a job", takes: UpdateJobRequest.self,
            """
            fields_to_remove first, then new_settings: top-level fields are replaced whole. Setting one member of an \
            either-or group takes the others away.
            """),
        APIOperation(
            .post, "jobs/delete", "Jobs", "DeleteJob", "Delete a job", takes: JobIDRequest.self,
            "Its active runs are ended soon after. Deleting a job that was deleted before does nothing."),
    ]

    private static let runs = [
        APIOperation(
            .post, "jobs/run-now", "Runs", "RunNow", "Run a job now", takes: RunNowRequest.self,
            answers: "RunNowResponse",
            "At most one kind of parameters, of the kind that the job's task takes."),
        APIOperation(
            .post, "jobs/runs/submit", "Runs", "SubmitRun", "Run something once", takes: SubmitRunRequest.self,
            answers: "SubmitRunResponse", "A run without a job in the list of jobs."),
        APIOperation(
            .get, "jobs/runs/list", "Runs", "ListRuns", "List runs, newest start first", takes: ListRunsRequest.self,
            answers: "ListRunsResponse",
            """
            A walk from offset 0 onwards sees every run that existed when it began exactly once, also while runs are \
            being created.
            """),
        APIOperation(
            .get, "jobs/runs/get", "Runs", "GetRun", "Get a run", takes: RunIDRequest.self, answers: "Run"),
        APIOperation(
            .get, "jobs/runs/get-output", "Runs", "GetRunOutput", "Get a run with its output", takes: RunIDRequest.self,
            answers: "RunOutput", "The first 5 MB of the output."),
        APIOperation(
            .get, "jobs/runs/export", "Runs", "ExportRun", "Export a notebook run as a page or a file",
            takes: ExportRunRequest.self, answers: "ExportRunResponse",
            """
            With the cells' outputs so far. `views_to_export` selects the notebook (CODE), one page per dashboard \
            (DASHBOARDS) or both (ALL).
            """),
        APIOperation(
            .post, "jobs/runs/cancel", "Runs", "CancelRun", "Cancel a run", takes: RunIDRequest.self,
            "Its state changes at once, its processes end soon after. A run that has ended is left as it is."),
        APIOperation(
            .post, "jobs/runs/cancel-all", "Runs", "CancelAllRuns", "Cancel all active runs of a job",
            takes: JobIDRequest.self),
        APIOperation(
            .post, "jobs/runs/delete", "Runs", "DeleteRun", "Delete a run that has ended", takes: RunIDRequest.self,
            "Its output goes with it."),
    ]

    private static let dbfs = [
        APIOperation(
            .post, "dbfs/put", "DBFS", "DBFSPut", "Write a file", takes: DBFSPutRequest.self, statuses: [404],
            "Also as multipart/form-data with the parts path, overwrite and file, for files of up to 2 GB."),
        APIOperation(
            .post, "dbfs/create", "DBFS", "DBFSCreate", "Begin to write a file block by block",
            takes: DBFSCreateRequest.self, answers: "DBFSCreateResponse", statuses: [404]),
        APIOperation(
            .post, "dbfs/add-block", "DBFS", "DBFSAddBlock", "Append a block of up to 1 MB",
            takes: DBFSHandleRequest.self, statuses: [404]),
        APIOperation(
            .post, "dbfs/close", "DBFS", "DBFSClose", "End the writing of a file", takes: DBFSHandleRequest.self,
            statuses: [404]),
        APIOperation(
            .get, "dbfs/read", "DBFS", "DBFSRead", "Read a part of a file", takes: DBFSReadRequest.self,
            answers: "DBFSReadResponse", statuses: [404]),
        APIOperation(
            .get, "dbfs/list", "DBFS", "DBFSList", "List a directory", takes: DBFSPathRequest.self,
            answers: "DBFSListResponse", statuses: [404]),
        APIOperation(
            .get, "dbfs/get-status", "DBFS", "DBFSGetStatus", "Look at a file or directory",
            takes: DBFSPathRequest.self, answers: "FileInfo", statuses: [404]),
        APIOperation(
            .post, "dbfs/mkdirs", "DBFS", "DBFSMakeDirectories", "Make a directory with those above it",
            takes: DBFSPathRequest.self, statuses: [404]),
        APIOperation(
            .post, "dbfs/move", "DBFS", "DBFSMove", "Move a file or directory", takes: DBFSMoveRequest.self,
            statuses: [404]),
        APIOperation(
            .post, "dbfs/delete", "DBFS", "DBFSDelete", "Delete a file or directory", takes: DBFSPathRequest.self,
            statuses: [404]),
    ]

    private static let destinations = [
        APIOperation(
            .post, "notification-destinations", "Notification destinations", "CreateDestination",
            "Make a notification destination", takes: CreateDestinationRequest.self, answers: "Destination"),
        APIOperation(
            .get, "notification-destinations", "Notification destinations", "ListDestinations",
            "List notification destinations", takes: EmptyRequest.self, answers: "ListDestinationsResponse"),
        APIOperation(
            .get, "notification-destinations/{id}", "Notification destinations", "GetDestination",
            "Get a notification destination", takes: DestinationIDRequest.self, answers: "Destination",
            statuses: [404]),
        APIOperation(
            .patch, "notification-destinations/{id}", "Notification destinations", "UpdateDestination",
            "Change a notification destination", takes: UpdateDestinationRequest.self, answers: "Destination",
            statuses: [404]),
        APIOperation(
            .delete, "notification-destinations/{id}", "Notification destinations", "DeleteDestination",
            "Remove a notification destination", takes: DestinationIDRequest.self, statuses: [404],
            "Refused as long as a job refers to it."),
    ]

    /// Extensions of the specification.
    private static let own = [
        APIOperation(
            .post, "jobs/validate", "Lamplighter", "ValidateJob", "Check the settings of a job, changing nothing",
            takes: CreateJobRequest.self, answers: "ValidateJobResponse",
            "Takes what jobs/create takes; answers all errors and warnings, and when the schedule would fire."),
        APIOperation(
            .get, "jobs/runs/transitions", "Lamplighter", "GetRunTransitions", "When a run entered each of its states",
            takes: RunIDRequest.self, answers: "RunTransitions"),
        APIOperation(
            .get, "jobs/runs/cells", "Lamplighter", "GetRunCells", "What the cells of a notebook run have shown so far",
            takes: RunCellsRequest.self, answers: "RunCells",
            "Also while the run goes on. The notebook is in the revision that the run began with."),
    ]
}
