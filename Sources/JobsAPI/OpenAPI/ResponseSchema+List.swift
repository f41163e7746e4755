// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

extension ResponseSchema {
    private static let tasks = JobTask.Kind.allCases
        .map { "\($0.rawValue) \($0.definition.schemaName)" }.joined(separator: "\n  ")

    /// The endpoints' responses. `Job`, `Run` and what they hold are the specification's "Data structures"; structures
    /// that requests hold as well (`JobSettings`, `CronSchedule` ...) are described with the requests.
    static let list = """
        Empty
        Error
          error_code! string What kind of error it is. {"enum":["INVALID_PARAMETER_VALUE","MALFORMED_REQUEST","INVALID_STATE","RESOURCE_DOES_NOT_EXIST","RESOURCE_ALREADY_EXISTS","PERMISSION_DENIED","UNAUTHENTICATED","ENDPOINT_NOT_FOUND","METHOD_NOT_ALLOWED","REQUEST_LIMIT_EXCEEDED","MAX_REQUEST_SIZE_EXCEEDED","MAX_READ_SIZE_EXCEEDED","MAX_BLOCK_SIZE_EXCEEDED","MAX_NOTEBOOK_SIZE_EXCEEDED","DIRECTORY_NOT_EMPTY","RESOURCE_LIMIT_EXCEEDED","IO_ERROR","INTERNAL_ERROR","TEMPORARILY_UNAVAILABLE"]}
          message! string What is wrong, in words.
        CreateJobResponse
          job_id! int64 The id of the new job.
        ListJobsResponse
          jobs! Job[] All jobs.
        Job
          job_id! int64 The id of the job.
          creator_user_name! string Who made it.
          run_as! string As whom it runs.
          run_as_user_name! string The same, as later versions of the API name it.
          settings! JobSettings Its settings.
          created_time! int64 When it was made.
          unknown_fields string[] Fields of the request that nobody understood.
        RunNowResponse
          run_id! int64 The id of the new run.
          number_in_job! int64 Its number among the runs of the job, from 1.
        SubmitRunResponse
          run_id! int64 The id of the new run.
        ListRunsResponse
          runs! Run[] The runs, newest start first.
          has_more! bool Whether there are more.
        Run
          job_id! int64 The id of the job.
          run_id! int64 The id of the run.
          creator_user_name! string Who asked for it.
          number_in_job! int64 Its number among the runs of the job, from 1.
          original_attempt_run_id! int64 The first attempt, where this is a retry; else the run itself.
          state! RunState Where it is in its life.
          schedule CronSchedule The schedule that fired it, if one did.
          task! JobTask What it does.
          cluster_spec! ClusterSpec On which cluster, as it was when the run was created.
          cluster_instance ClusterInstance The cluster, as soon as it is known.
          overriding_parameters RunParameters The parameters of the request.
          start_time! int64 When it was started.
          setup_duration! int64 Milliseconds until the task began.
          execution_duration! int64 Milliseconds of the task.
          cleanup_duration! int64 Milliseconds after the task.
          end_time! int64 When it ended; 0 before.
          trigger! string What fired it. {"enum":["PERIODIC","ONE_TIME","RETRY"]}
          run_name! string Its name.
          run_page_url! string Its page.
          run_type! string How it came to be. {"enum":["JOB_RUN","WORKFLOW_RUN","SUBMIT_RUN"]}
          attempt_number! int32 0 for the first attempt.
          format! string {"enum":["SINGLE_TASK"]}
        RunState
          life_cycle_state! string The state. {"enum":["PENDING","RUNNING","TERMINATING","TERMINATED","SKIPPED","INTERNAL_ERROR"]}
          result_state string The result, once there is one. {"enum":["SUCCESS","FAILED","TIMEDOUT","CANCELED"]}
          user_cancelled_or_timedout! bool Whether a user or a timeout ended it.
          state_message! string More, in words.
        JobTask
          \(tasks)
        ClusterSpec
          existing_cluster_id string
          new_cluster NewCluster
          libraries Library[]
        ClusterInstance
          cluster_id! string The id of the cluster.
          spark_context_id string The Spark application, once there is one.
        RunParameters
          jar_params string[]
          notebook_params map
          python_params string[]
          spark_submit_params string[]
        RunOutput
          metadata! Run The run.
          notebook_output NotebookOutput What the notebook returned.
          error string Why there is no output.
          error_trace string Where the task failed.
          logs string Standard output and standard error.
          logs_truncated bool Whether there is more.
        NotebookOutput
          result string What was given to dbutils.notebook.exit, at most 1 MB.
          truncated bool Whether there is more.
        ExportRunResponse
          views! ViewItem[] The views.
        ViewItem
          content! string An HTML page, or what `format` asks for.
          name! string The name of the notebook or dashboard.
          type! string What it is. {"enum":["NOTEBOOK","DASHBOARD"]}
        DBFSCreateResponse
          handle! int64 For dbfs/add-block and dbfs/close.
        DBFSReadResponse
          bytes_read! int64 How many bytes.
          data! string The bytes in base64.
        DBFSListResponse
          files FileInfo[] What is in the directory.
        FileInfo
          path! string The path.
          is_dir! bool Whether it is a directory.
          file_size! int64 Bytes.
          modification_time int64 When it was written last.
        WorkspaceExportResponse
          content! string The file in base64.
          file_type! string What its name would end with. {"enum":["py","sql","scala","r","ipynb","html"]}
        WorkspaceListResponse
          objects! WorkspaceObject[] What is in the directory, by name.
        WorkspaceObject
          object_type! string What it is. {"enum":["DIRECTORY","NOTEBOOK"]}
          path! string The absolute path.
          object_id! int64 An id that stays as long as the object exists.
          language string The language of a notebook. {"enum":["PYTHON","SQL","SCALA","R"]}
          created_at! int64 When it was made.
          modified_at! int64 When it was written last.
        ListScopesResponse
          scopes! SecretScope[] The scopes that one may read, by name.
        SecretScope
          name! string The name.
          backend_type! string Where its secrets are. {"enum":["DATABRICKS"]}
        ListSecretsResponse
          secrets! SecretMetadata[] The secrets, by key, without their values.
        SecretMetadata
          key! string The key.
          last_updated_timestamp! int64 When it was put last.
        ListSecretACLsResponse
          items! SecretACL[] Who may do what, by principal.
        SecretACL
          principal! string The user, or users: everybody.
          permission! string What the principal may do. {"enum":["READ","WRITE","MANAGE"]}
        Destination
          id! string The id, a UUID.
          display_name! string The name.
          destination_type! string {"enum":["EMAIL","SLACK","MICROSOFT_TEAMS","PAGERDUTY","WEBHOOK"]}
          config DestinationConfigShown How it is reached, without secrets; for administrators.
        ListDestinationsResponse
          results! Destination[] All destinations.
        DestinationConfigShown
          email EmailConfig
          slack SecretsSet
          microsoft_teams SecretsSet
          pagerduty SecretsSet
          generic_webhook SecretsSet
        SecretsSet
          url_set bool
          oauth_token_set bool
          channel_id_set bool
          app_id_set bool
          auth_secret_set bool
          channel_url_set bool
          tenant_id_set bool
          integration_key_set bool
          username_set bool
          password_set bool
        ValidateJobResponse
          valid! bool Whether jobs/create would take the settings.
          settings JobSettings The settings with all defaults, when they are valid.
          errors! Error[] Everything that is wrong.
          warnings! string[] What is allowed and may not be meant.
          schedule SchedulePreview When the job would run.
        SchedulePreview
          description! string The schedule in words.
          next_fire_times! FireTime[] The next ten times.
        FireTime
          time! int64 Epoch milliseconds.
          utc! string The same, in UTC.
          local! string The same, in the time zone of the schedule.
          note string What daylight saving time does to it.
        RunCells
          run_id! int64 The id of the run.
          life_cycle_state! string The state of the run. {"enum":["PENDING","RUNNING","TERMINATING","TERMINATED","SKIPPED","INTERNAL_ERROR"]}
          notebook_path string The notebook, once the run has read it.
          language string The language of cells without a magic. {"enum":["PYTHON","SQL","SCALA","R"]}
          cell_count! int32 How many cells the notebook has.
          parent_run RelatedRun The run whose notebook has started this one, where one has.
          child_runs! RelatedRun[] The runs that the notebook has started.
          cells! RunCell[] The cells, as far as they are asked for.
        RelatedRun
          job_id! int64 The job that it belongs to.
          run_id! int64 The id of the run.
        RunCell
          index! int32 Its place, from 0.
          command_id! string Its id in the notebook.
          title! string Its title; empty when it has none.
          source! string Its text.
          state! string What has become of it. {"enum":["WAITING","RUNNING","FINISHED","FAILED","CANCELED","SKIPPED"]}
          start_time int64 When it began, in epoch milliseconds.
          finish_time int64 When it was done.
          outputs! object[] What it has shown, in order: objects with a `type` (stream, text, html, image, markdown, table, error, notebook_run).
          attachments map Pictures that a text brings with it (`attachment:NAME` in Markdown): `data:` URLs by their names.
        RunTransitions
          transitions! RunTransition[] Oldest first.
          health_warning HealthWarning That the run takes longer than its job's health rule expects.
        HealthWarning
          time! int64 When it was found, epoch milliseconds.
          expected_seconds! int32 The value of the rule.
        RunTransition
          time! int64 When.
          life_cycle_state! string The state. {"enum":["PENDING","RUNNING","TERMINATING","TERMINATED","SKIPPED","INTERNAL_ERROR"]}
          result_state string The result, once there is one. {"enum":["SUCCESS","FAILED","TIMEDOUT","CANCELED"]}
          user_cancelled_or_timedout! bool Whether a user or a timeout ended it.
          state_message! string More, in words.
        """
}
