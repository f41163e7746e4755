// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

extension FieldDescriptions {
    /// Of the kinds of tasks as members of settings, and of their structures' members: each kind says it itself.
    private static let taskMembers = JobTask.Kind.allCases
        .map { "\($0.rawValue) \($0.definition.summary)" }.joined(separator: "\n  ")
    private static let taskStructures = JobTask.Kind.allCases.map { kind in
        "\(kind.definition.schemaName)\n"
            + kind.definition.memberDescriptions.split(separator: "\n").map { "  \($0)\n" }.joined()
    }.joined()

    /// Of every member of every request and of the structures within; `*` stands for all that say nothing of their own.
    static let requests =
        taskStructures + """
            CreateJob JobSettings SubmitRun ValidateJob
              existing_cluster_id The id of an existing cluster; either this or new_cluster.
              new_cluster A cluster that is made for each run; either this or existing_cluster_id.
              \(taskMembers)
              name The name of the job. {"default":"Untitled"}
              run_name The name of the run, at most 4096 bytes of UTF-8. {"default":"Untitled","maxLength":4096}
              libraries Libraries that are installed before the task runs.
              email_notifications Addresses that are told how runs go, and when the job is deleted.
              webhook_notifications Notification destinations that are told how runs go.
              notification_settings When not to notify.
              timeout_seconds Ends a run that takes longer, waiting for its cluster included; 0: never. {"minimum":0,"default":0}
              max_retries How often an unsuccessful run is tried again; -1: without end. {"minimum":-1,"default":0}
              min_retry_interval_millis Least time between the start of a failed run and the start of its retry. {"minimum":0,"default":0}
              retry_on_timeout Whether a run that timed out is tried again. {"default":false}
              schedule When the job runs by itself.
              max_concurrent_runs How many runs may be active at once; one too many is SKIPPED; 0 skips all. {"minimum":0,"maximum":1000,"default":1}
              health Rules for the health of runs.
              format SINGLE_TASK; what jobs/get answers may be sent back.
              idempotency_token A request with the token of an earlier one makes no second run. {"maxLength":64}
            NewCluster
              num_workers Number of workers; 0 runs Spark on the driver alone. Either this or autoscale. {"minimum":0}
              autoscale Between how many workers the cluster scales; either this or num_workers.
              spark_version The Spark version. {"minLength":1}
              spark_conf Spark properties.
              aws_attributes What the cluster asks of Amazon Web Services; without effect on one's own machines.
              node_type_id The node type; this, or instance_pool_id, or a policy_id that gives one.
              driver_node_type_id The node type of the driver.
              ssh_public_keys Keys that may log in to the nodes. {"maxItems":10}
              custom_tags Tags; keys of 1 to 127, values of 0 to 255 characters. {"maxProperties":45}
              cluster_log_conf Where logs are delivered.
              init_scripts Scripts that run on each node before Spark starts, in this order.
              spark_env_vars Environment variables, ASCII only.
              enable_elastic_disk Whether nodes get more disk when it runs short.
              driver_instance_pool_id The instance pool of the driver; only together with instance_pool_id.
              instance_pool_id The instance pool of the nodes.
              policy_id The cluster policy.
            AutoScale
              min_workers The fewest workers, and the number at the start. {"minimum":0}
              max_workers The most workers; more than min_workers. {"minimum":1}
            AwsAttributes
              first_on_demand So many nodes, the driver first, are on-demand instances. {"minimum":0}
              availability The kind of the other instances. {"enum":["SPOT","ON_DEMAND","SPOT_WITH_FALLBACK"]}
              zone_id The availability zone. {"default":"auto"}
              instance_profile_arn The instance profile.
              spot_bid_price_percent The highest price of a spot instance in percent of the on-demand price. {"minimum":1,"maximum":10000,"default":100}
              ebs_volume_type The kind of EBS volumes. {"enum":["GENERAL_PURPOSE_SSD","THROUGHPUT_OPTIMIZED_HDD"]}
              ebs_volume_count Volumes of each instance. {"minimum":0,"maximum":10}
              ebs_volume_size GiB of each volume: 100 to 4096 for SSD, 500 to 4096 for HDD. {"minimum":100,"maximum":4096}
              ebs_volume_iops IOPS of a gp3 volume. {"minimum":3000,"maximum":16000}
              ebs_volume_throughput MiB per second of a gp3 volume. {"minimum":125,"maximum":1000}
            ClusterLogConf
              dbfs A directory of DBFS; either this or s3.
              s3 A place on S3; either this or dbfs.
            InitScriptInfo
              workspace A file of the workspace; exactly one of the four is given.
              dbfs A file of DBFS.
              s3 A file on S3.
              file A file of the nodes.
            StorageDestination
              destination The place: dbfs:/..., file:/..., or an absolute path of the workspace. {"minLength":1}
            S3StorageInfo
              destination The place: s3://bucket/prefix. {"minLength":1}
              region The region; this or warehouse.
              warehouse The endpoint; this or region.
              enable_encryption Whether the server encrypts.
              encryption_type How. {"enum":["sse-s3","sse-kms"]}
              kms_key The key for sse-kms.
              canned_acl A canned access control list.
            CronSchedule
              quartz_cron_expression Six or seven fields in Quartz syntax, for example 0 15 22 * * ?. {"minLength":1}
              timezone_id A Java time zone id, for example America/Los_Angeles. {"minLength":1}
              pause_status Whether the schedule fires. {"enum":["PAUSED","UNPAUSED"],"default":"UNPAUSED"}
            JobEmailNotifications
              on_start Told when a run begins.
              on_success Told when a run succeeded.
              on_failure Told when a run failed.
              on_duration_warning_threshold_exceeded Told when a run takes longer than the health rule says.
              no_alert_for_skipped_runs Whether a skipped run is no failure. {"default":false}
            WebhookNotifications
              on_start Told when a run begins. {"maxItems":3}
              on_success Told when a run succeeded. {"maxItems":3}
              on_failure Told when a run failed. {"maxItems":3}
              on_duration_warning_threshold_exceeded Told when a run takes longer than the health rule says. {"maxItems":3}
            Webhook
              id The id of a notification destination. {"minLength":1}
            JobNotificationSettings
              no_alert_for_skipped_runs Whether nobody is told of skipped runs. {"default":false}
              no_alert_for_canceled_runs Whether nobody is told of cancelled runs. {"default":false}
              alert_on_last_attempt Whether only the first start and the last failure are told. {"default":false}
            JobsHealthRules
              rules The rules.
            JobsHealthRule
              metric What is measured. {"enum":["RUN_DURATION_SECONDS"]}
              operator How it is compared. {"enum":["GREATER_THAN"]}
              value With what. {"minimum":1}
            Library
              jar The URI of a JAR; exactly one of the six is given.
              egg The URI of an egg.
              whl The URI of a wheel, or of wheels in one file that ends in .wheelhouse.zip.
              pypi A package of PyPI.
              maven An artifact of a Maven repository.
              cran A package of CRAN.
            PythonPyPiLibrary RCranLibrary
              package The package, for PyPI also with a version: simplejson==3.8.0. {"minLength":1}
              repo The repository; without it the usual one.
            MavenLibrary
              coordinates group:artifact:version. {"pattern":"^[^:/\\\\s]+:[^:/\\\\s]+:[^:/\\\\s]+$"}
              repo The repository; without it the usual ones.
              exclusions Dependencies to leave out, as group:artifact.
            ResetJob
              new_settings The new settings.
            UpdateJob
              new_settings The settings that change.
              fields_to_remove Names of top-level settings that are removed first.
            RunNow
              jar_params Arguments of a JAR task, at most 10,000 bytes as JSON.
              notebook_params Parameters of a notebook task, at most 10,000 bytes as JSON.
              python_params Arguments of a Python task, at most 10,000 bytes as JSON.
              spark_submit_params The command line of a spark-submit task, at most 10,000 bytes as JSON.
              idempotency_token A request with the token of an earlier one makes no second run. {"maxLength":64}
            ListRuns
              active_only Only runs that have not ended; not together with completed_only. {"default":false}
              completed_only Only runs that have ended; not together with active_only. {"default":false}
              job_id Only runs of this job.
              offset How many runs are passed over, from the newest. {"minimum":0,"default":0}
              limit How many runs are answered; 0 is the maximum. {"minimum":0,"maximum":999,"default":20}
              run_type Only runs of this type. {"enum":["JOB_RUN","WORKFLOW_RUN","SUBMIT_RUN"]}
            ExportRun
              views_to_export What is exported. {"enum":["CODE","DASHBOARDS","ALL"],"default":"CODE"}
              format What the content of a notebook is: a page, a Jupyter file, or Markdown. Dashboards are pages. {"enum":["HTML","JUPYTER","MARKDOWN"],"default":"HTML"}
            GetRunCells
              from_cell Cells before this one, counted from 0, are left out. {"minimum":0,"default":0}
            DBFSPut
              contents The file in base64, at most 1 MB of it. {"default":""}
              overwrite Whether an existing file is replaced. {"default":false}
            DBFSCreate
              overwrite Whether an existing file is replaced. {"default":false}
            DBFSAddBlock DBFSClose
              handle What dbfs/create answered.
              data The block in base64, at most 1 MB of it. {"default":""}
            DBFSRead
              offset The first byte. {"minimum":0,"default":0}
              length How many bytes, at most 1 MB; 512 KiB unless said otherwise. {"minimum":0}
            DBFSMove
              source_path What is moved. {"minLength":1}
              destination_path Its new path; an existing directory takes it in. {"minLength":1}
            WorkspaceImport
              path Where the notebook is to be: an absolute path in a directory that exists. {"pattern":"^/"}
              format The format of the file; AUTO finds it out by the path's ending and the file itself. {"enum":["SOURCE","JUPYTER","HTML","AUTO"],"default":"SOURCE"}
              language The language of a source file; of a Jupyter file only where it names none. {"enum":["PYTHON","SQL","SCALA","R"]}
              content The file in base64, at most 10 MB of it.
              overwrite Whether an existing notebook gets another revision. {"default":false}
            WorkspaceExport
              path The path of the notebook. {"pattern":"^/"}
              format The format of the file. {"enum":["SOURCE","JUPYTER","HTML"],"default":"SOURCE"}
              direct_download Whether the answer is the file itself. {"default":false}
              revision_timestamp Ours: the revision in force at this time, in epoch milliseconds. {"minimum":0}
            WorkspaceGetStatus WorkspaceList WorkspaceMakeDirectories WorkspaceDelete
              path The absolute path. {"pattern":"^/"}
            CreateScope
              scope The name: up to 128 letters, digits, - _ . @; upper and lower case are the same. {"minLength":1,"maxLength":128}
              initial_manage_principal users gives everybody MANAGE; without it only the creator has it. {"enum":["users"]}
              scope_backend_type Where the secrets are. {"enum":["DATABRICKS"],"default":"DATABRICKS"}
            PutSecret
              key The key: up to 128 letters, digits, - _ . @. {"minLength":1,"maxLength":128}
              string_value The value, as UTF-8 at most 128 KB; either this or bytes_value.
              bytes_value The value in base64; either this or string_value.
            PutSecretACL GetSecretACL DeleteSecretACL
              principal A user name, or users: everybody. {"minLength":1}
              permission What the principal may do; each includes those before it. {"enum":["READ","WRITE","MANAGE"]}
            CreateDestination UpdateDestination
              display_name The name that people see. {"minLength":1}
              config How it is reached.
            DestinationConfig
              email By mail; exactly one of the five is given.
              slack By Slack.
              microsoft_teams By Microsoft Teams.
              pagerduty By PagerDuty.
              generic_webhook By an HTTP POST.
            EmailConfig
              addresses The addresses. {"minItems":1}
            SlackConfig
              url An incoming webhook.
              oauth_token A bot's token, together with channel_id.
              channel_id The channel.
            MicrosoftTeamsConfig
              url An incoming webhook.
              app_id The application, together with the other three.
              auth_secret Its secret.
              channel_url The channel.
              tenant_id The tenant.
            PagerDutyConfig
              integration_key The key of the integration. {"minLength":1}
            GenericWebhookConfig
              url Where to POST. {"minLength":1}
              username For Basic authentication.
              password For Basic authentication.
            *
              job_id The id of the job.
              run_id The id of the run.
              path The absolute path, as /a/b or dbfs:/a/b. {"minLength":1}
              recursive Whether a directory is deleted with what is in it. {"default":false}
              id The id.
              scope The name of the scope. {"minLength":1}
              key The key of the secret. {"minLength":1}
              page_token Of no use: there is one page.
              page_size Of no use: there is one page.
            """
}
