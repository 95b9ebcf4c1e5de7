"""One Airflow task for each stage of a run. Committed stages are skipped by Apus itself, so that a retry goes on where it failed.

Needs the provider apache-airflow-providers-apache-spark and a connection "spark_default". The run file and its output folder must be
visible to the driver and to every executor.
"""

from datetime import datetime

from airflow import DAG
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

STAGES = ["Ingest", "Filter", "Tokenize", "Pack", "Train", "Evaluate", "Export"]

with DAG(
    dag_id="apus",
    start_date=datetime(2026, 1, 1),
    schedule=None,
    catchup=False,
    params={"jar": "/opt/apus/apus.jar", "run_file": "/opt/apus/conf/runs/lora.yaml", "overrides": []},
    render_template_as_native_obj=True,
) as dag:
    before = None
    for stage in STAGES:
        task = SparkSubmitOperator(
            task_id=stage.lower(),
            conn_id="spark_default",
            application="{{ params.jar }}",
            java_class=f"io.apus.jobs.{stage}Job",
            application_args="{{ [params.run_file] + params.overrides }}",
            retries=1,
        )
        if before is not None:
            before >> task
        before = task
